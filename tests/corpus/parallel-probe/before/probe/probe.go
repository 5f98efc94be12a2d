package probe

import "context"

// Prober asks one host.
type Prober func(ctx context.Context, host string) error

// Result is what came of one host.
type Result struct {
	Host string
	Err  error
}

// All asks every host of the fixed list.
func All(ctx context.Context, hosts []string, probe Prober) []Result {
	results := make([]Result, 0, len(hosts))
	for _, host := range hosts {
		results = append(results, Result{host, probe(ctx, host)})
	}
	return results
}
