resource "aws_db_subnet_group" "private" {
  name       = "private"
  subnet_ids = var.private_subnets
}

resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  engine_version         = "15.8"
  instance_class         = "db.r6g.xlarge"
  allocated_storage      = 500
  storage_encrypted      = true
  username               = "orders"
  password               = var.database_password
  db_subnet_group_name   = aws_db_subnet_group.private.name
  vpc_security_group_ids = [aws_security_group.database.id]
  backup_retention_period = 14
  skip_final_snapshot    = true
  deletion_protection    = false
  maintenance_window     = "sun:03:00-sun:04:00"
}
