from partner.client import PartnerClient, PartnerError


def pay_out(client: PartnerClient, account: str, cents: int) -> str:
    """Send money. Returns the partner's id of the payout."""
    return client.call("POST", "/payouts", {"account": account, "cents": cents})["id"]


def balance(client: PartnerClient, account: str) -> int:
    return client.call("GET", f"/accounts/{account}")["cents"]


def is_reachable(client: PartnerClient) -> bool:
    try:
        client.call("GET", "/health")
    except PartnerError:
        return False
    return True
