export interface Order {
  id: string;
  status: 'open' | 'packed' | 'shipped';
}

export async function fetchOrder(id: string): Promise<Order> {
  const response = await fetch(`/api/orders/${encodeURIComponent(id)}`);
  if (!response.ok) throw new Error(`order ${id}: ${response.status}`);
  return (await response.json()) as Order;
}
