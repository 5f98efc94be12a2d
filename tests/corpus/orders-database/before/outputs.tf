output "database_address" {
  value = aws_db_instance.main.address
}
