package resize

import (
	"errors"
	"fmt"
	"image"
	"sync"
)

// Sizes are the widths that the site uses.
var Sizes = []int{160, 320, 640, 1280}

// Scaler makes an image of the given width.
type Scaler func(src image.Image, width int) (image.Image, error)

// Result is one scaled image.
type Result struct {
	Width int
	Image image.Image
}

// ResizeAll scales src to every width, all at once.
func ResizeAll(src image.Image, scale Scaler) ([]Result, error) {
	var (
		group   sync.WaitGroup
		lock    sync.Mutex
		results = make([]Result, 0, len(Sizes))
		failed  []error
	)
	for _, width := range Sizes {
		group.Add(1)
		go func() {
			defer group.Done()
			scaled, err := scale(src, width)
			lock.Lock()
			defer lock.Unlock()
			if err != nil {
				failed = append(failed, fmt.Errorf("width %d: %w", width, err))
				return
			}
			results = append(results, Result{width, scaled})
		}()
	}
	group.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	return results, nil
}
