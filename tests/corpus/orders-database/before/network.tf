resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = var.vpc

  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [var.application_security_group]
  }
}
