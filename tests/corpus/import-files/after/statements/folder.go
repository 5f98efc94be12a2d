package statements

import (
	"fmt"
	"os"
	"path/filepath"
)

// ParseFolder reads every .csv file of a folder, in order of their names.
func ParseFolder(folder string) ([]Entry, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		entries, err := Parse(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, entries...)
	}
	return all, nil
}
