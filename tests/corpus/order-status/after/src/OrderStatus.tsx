import { useEffect, useState } from 'react';
import { fetchOrder, type Order } from './api';

const POLL_MS = 5_000;

export function OrderStatus({ id }: { id: string }) {
  const [order, setOrder] = useState<Order | null>(null);

  useEffect(() => {
    const poll = setInterval(async () => {
      const found = await fetchOrder(id);
      setOrder(found);
      if (found.status === 'shipped') clearInterval(poll);
    }, POLL_MS);
    void fetchOrder(id).then(setOrder);
  }, [id]);

  return <span>{order?.status ?? 'loading'}</span>;
}
