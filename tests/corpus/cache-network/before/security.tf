resource "aws_security_group" "redis" {
  name   = "redis"
  vpc_id = var.vpc
}

resource "aws_vpc_security_group_ingress_rule" "application" {
  security_group_id            = aws_security_group.redis.id
  referenced_security_group_id = var.application_security_group
  from_port                    = 6379
  to_port                      = 6379
  ip_protocol                  = "tcp"
}
