variable "vpc" {
  type = string
}

variable "subnet_group" {
  type        = string
  description = "Public subnets since 2021: the group is shared with the bastion."
}

variable "application_security_group" {
  type = string
}
