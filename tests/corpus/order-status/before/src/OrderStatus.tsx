import { useEffect, useState } from 'react';
import { fetchOrder, type Order } from './api';

export function OrderStatus({ id }: { id: string }) {
  const [order, setOrder] = useState<Order | null>(null);

  useEffect(() => {
    let gone = false;
    void fetchOrder(id).then((found) => {
      if (!gone) setOrder(found);
    });
    return () => {
      gone = true;
    };
  }, [id]);

  return <span>{order?.status ?? 'loading'}</span>;
}
