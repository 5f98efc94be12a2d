package config

import (
	"encoding/json"
	"fmt"
	"os"
)

// Config is what the daemon is told.
type Config struct {
	Listen  string   `json:"listen"`
	Workers int      `json:"workers"`
	Peers   []string `json:"peers"`
}

// Load reads a file.
func Load(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var loaded Config
	if err := json.Unmarshal(text, &loaded); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if loaded.Workers < 1 {
		return nil, fmt.Errorf("%s: there must be at least one worker", path)
	}
	return &loaded, nil
}
