variable "vpc" {
  type = string
}

variable "host_security_group" {
  type = string
}

variable "public_subnets" {
  type = list(string)
}

variable "target_group" {
  type = string
}

variable "certificate" {
  type        = string
  description = "ARN of the site's certificate, issued and validated."
}
