variable "vpc" {
  type = string
}

variable "private_subnets" {
  type = list(string)
}

variable "application_security_group" {
  type = string
}

variable "database_password" {
  type      = string
  sensitive = true
}
