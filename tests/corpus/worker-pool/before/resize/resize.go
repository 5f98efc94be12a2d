package resize

import (
	"fmt"
	"image"
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

// ResizeAll scales src to every width.
func ResizeAll(src image.Image, scale Scaler) ([]Result, error) {
	results := make([]Result, 0, len(Sizes))
	for _, width := range Sizes {
		scaled, err := scale(src, width)
		if err != nil {
			return nil, fmt.Errorf("width %d: %w", width, err)
		}
		results = append(results, Result{width, scaled})
	}
	return results, nil
}
