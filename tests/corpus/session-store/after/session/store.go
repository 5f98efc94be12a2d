// Package session keeps who is logged in. Handlers call it from their own goroutines.
package session

import "sync"

// Store holds sessions by token.
type Store struct {
	mu       sync.RWMutex
	sessions map[string]string
	counts   map[string]int
}

// New returns an empty store.
func New() *Store {
	return &Store{sessions: make(map[string]string), counts: make(map[string]int)}
}

// Start records that a user has a session with this token.
func (s *Store) Start(token, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[token] = user
	s.counts[user]++
}

// End forgets a session.
func (s *Store) End(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if user, ok := s.sessions[token]; ok {
		delete(s.sessions, token)
		s.counts[user]--
		if s.counts[user] == 0 {
			delete(s.counts, user)
		}
	}
}

// Count returns how many sessions a user has.
func (s *Store) Count(user string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.counts[user]; !ok {
		s.counts[user] = 0
	}
	return s.counts[user]
}

// User returns whose session it is.
func (s *Store) User(token string) (string, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	user, ok := s.sessions[token]
	return user, ok
}
