output "database_address" {
  value = aws_db_instance.orders.address
}
