package state

import "sync"

// State is how far each mirror is.
type State struct {
	mu   sync.Mutex
	done map[string]int
}

// New returns an empty state.
func New() *State { return &State{done: make(map[string]int)} }

// Advance records that a mirror has a version.
func (s *State) Advance(mirror string, version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version > s.done[mirror] {
		s.done[mirror] = version
	}
}

// Version returns how far a mirror is.
func (s *State) Version(mirror string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done[mirror]
}
