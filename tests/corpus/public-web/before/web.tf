resource "aws_security_group" "balancer" {
  name   = "balancer"
  vpc_id = var.vpc
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  security_group_id = aws_security_group.balancer.id
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 80
  to_port           = 80
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "to_hosts" {
  security_group_id            = aws_security_group.balancer.id
  referenced_security_group_id = var.host_security_group
  from_port                    = 8080
  to_port                      = 8080
  ip_protocol                  = "tcp"
}

resource "aws_lb" "site" {
  name                       = "site"
  load_balancer_type         = "application"
  internal                   = false
  enable_deletion_protection = true
  security_groups            = [aws_security_group.balancer.id]
  subnets                    = var.public_subnets
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.site.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = var.target_group
  }
}
