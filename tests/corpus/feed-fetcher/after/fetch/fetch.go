// Package fetch reads feeds. The service reads about 40,000 of them an hour in one process.
package fetch

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const maxBytes = 4 << 20

var client = &http.Client{
	Timeout: 20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	},
}

// ErrGone says that there will be no feed at this address again.
var ErrGone = errors.New("the feed is gone")

// MovedError says where the feed is now.
type MovedError struct{ To string }

func (e *MovedError) Error() string { return "the feed moved to " + e.To }

// Fetch returns the feed's text.
func Fetch(url string) ([]byte, error) {
	resp, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusMovedPermanently:
		to, err := resp.Location()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", url, err)
		}
		return nil, &MovedError{To: to.String()}
	case http.StatusGone:
		return nil, ErrGone
	default:
		return nil, fmt.Errorf("%s: %s", url, resp.Status)
	}
	defer resp.Body.Close()
	return io.ReadAll(io.LimitReader(resp.Body, maxBytes))
}
