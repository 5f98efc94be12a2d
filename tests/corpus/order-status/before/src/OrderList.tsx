import { useState } from 'react';
import { OrderStatus } from './OrderStatus';

/** The orders of a customer; one at a time is open. */
export function OrderList({ ids }: { ids: string[] }) {
  const [open, setOpen] = useState(ids[0]);
  return (
    <ul>
      {ids.map((id) => (
        <li key={id} onClick={() => setOpen(id)}>
          {id} {id === open && <OrderStatus id={id} />}
        </li>
      ))}
    </ul>
  );
}
