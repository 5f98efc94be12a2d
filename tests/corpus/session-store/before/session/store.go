// Package session keeps who is logged in. Handlers call it from their own goroutines.
package session

import "sync"

// Store holds sessions by token.
type Store struct {
	mu       sync.RWMutex
	sessions map[string]string
}

// New returns an empty store.
func New() *Store {
	return &Store{sessions: make(map[string]string)}
}

// Start records that a user has a session with this token.
func (s *Store) Start(token, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[token] = user
}

// End forgets a session.
func (s *Store) End(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, token)
}

// User returns whose session it is.
func (s *Store) User(token string) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	user, ok := s.sessions[token]
	return user, ok
}
