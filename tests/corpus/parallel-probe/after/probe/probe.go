package probe

import (
	"context"
	"sync"
)

// Prober asks one host.
type Prober func(ctx context.Context, host string) error

// Result is what came of one host.
type Result struct {
	Host string
	Err  error
}

// All asks every host of the fixed list, all at once.
func All(ctx context.Context, hosts []string, probe Prober) []Result {
	results := make([]Result, len(hosts))
	var group sync.WaitGroup
	for i, host := range hosts {
		group.Add(1)
		go func() {
			defer group.Done()
			results[i] = Result{host, probe(ctx, host)}
		}()
	}
	group.Wait()
	return results
}
