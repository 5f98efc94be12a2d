export interface FileInfo {
  name: string;
  bytes: number;
}

export interface Client {
  list(prefix: string): Promise<FileInfo[]>;
  get(name: string): Promise<Blob>;
}

/** A client of the file service. https://files.acme.example/docs */
export function createClient(token: string, timeoutMs = 10_000): Client {
  const call = (path: string) =>
    fetch(`https://files.acme.example/${path}`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
  return {
    list: async (prefix) => (await call(`?prefix=${encodeURIComponent(prefix)}`)).json() as Promise<FileInfo[]>,
    get: async (name) => (await call(encodeURIComponent(name))).blob(),
  };
}
