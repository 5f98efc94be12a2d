"""Outlines of Terraform and Dockerfiles, and who may name what they define."""

import pytest

from app.knowledge.languages import grammar_of, may_name
from app.knowledge.outline import outline

TERRAFORM = """\
terraform {
  required_version = ">= 1.9"
}

resource "aws_instance" "web" {
  ami = local.image
  lifecycle {
    prevent_destroy = true
  }
}

variable "region" {}

locals {
  image = "ami-1"
  # ports = 1
  ports = [
    80,
  ]
}
module "vpc" {
"""
DOCKERFILE = """\
ARG VERSION=1
FROM --platform=$X python:3.12 AS build
ENV MODE=fast
RUN make
from debian:12
COPY --from=build /x /x
"""


def told(path, text):
    return [(each.kind, each.full_name, each.start, each.end) for each in outline(path, text.encode())]


def test_blocks_of_terraform():
    assert told("infra/main.tf", TERRAFORM) == [
        ("block", "terraform", 1, 3),
        ("resource", "aws_instance.web", 5, 10),
        ("variable", "region", 12, 12),
        ("block", "locals", 14, 20),
        ("local", "image", 15, 15),
        ("local", "ports", 17, 17),
        ("module", "vpc", 21, 22),
    ]


@pytest.mark.parametrize("path", ["Dockerfile", "app/Dockerfile.dev", "web.dockerfile", "Containerfile"])
def test_stages_of_images_and_what_is_set_in_them(path):
    assert told(path, DOCKERFILE) == [
        ("variable", "VERSION", 1, 1),
        ("stage", "build", 2, 4),
        ("variable", "MODE", 3, 3),
        ("stage", "debian:12", 5, 7),
    ]


def test_a_file_of_neither_form_has_no_outline():
    assert told("x.tf", '}\n{\n= = "\n') == []
    assert told("Dockerfile", "# nothing\n") == []
    assert grammar_of("dockerfiles.md") is None


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("a.py", "b.pyi", True),
        ("a.py", "b.js", False),
        ("m/001.sql", "app/models.py", True),
        ("m/001.sql", "README.md", True),
        ("main.tf", "vars.tf", True),
        ("main.tf", "deploy.py", False),
        ("Dockerfile", "compose.yml", True),
        ("Dockerfile", "a.py", False),
        ("README.md", "a.py", False),
    ],
)
def test_who_may_mean_what_is_defined_here(path, other, expected):
    assert may_name(path, other) is expected
