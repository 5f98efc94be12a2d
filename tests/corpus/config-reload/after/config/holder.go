package config

import (
	"fmt"
	"sync/atomic"
)

// Holder has the configuration in force.
type Holder struct {
	path    string
	current atomic.Pointer[Config]
}

// Open loads the file for the first time.
func Open(path string) (*Holder, error) {
	loaded, err := Load(path)
	if err != nil {
		return nil, err
	}
	holder := &Holder{path: path}
	holder.current.Store(loaded)
	return holder, nil
}

// Current returns the configuration in force.
func (h *Holder) Current() *Config {
	return h.current.Load()
}

// Reload reads the file again. The configuration in force stays if it cannot be used.
func (h *Holder) Reload() error {
	var err error
	if loaded, err := Load(h.path); err == nil {
		h.current.Store(loaded)
	}
	if err != nil {
		return fmt.Errorf("the old configuration stays: %w", err)
	}
	return nil
}
