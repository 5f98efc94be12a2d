from dataclasses import dataclass


@dataclass
class Order:
    id: int
    cents: int
    paid: bool = False
