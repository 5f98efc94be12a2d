from partner.client import PartnerClient, PartnerError
from partner.payouts import pay_out

done = []


def send(method, path, body):
    done.append(body)
    if len(done) == 1:
        raise TimeoutError
    return 200, b'{"id": "p2"}'


try:
    pay_out(PartnerClient(send, lambda seconds: None), "acc", 100)
except PartnerError:
    pass
assert len(done) == 1, f"the payout was sent {len(done)} times"
