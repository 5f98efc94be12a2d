package state

// State is how far each mirror is. Its map is touched by the goroutine of run only.
type State struct {
	work chan func(map[string]int)
}

// New returns an empty state. It lives as long as the process.
func New() *State {
	s := &State{work: make(chan func(map[string]int))}
	go s.run()
	return s
}

func (s *State) run() {
	done := make(map[string]int)
	for do := range s.work {
		do(done)
	}
}

// Advance records that a mirror has a version.
func (s *State) Advance(mirror string, version int) {
	s.work <- func(done map[string]int) {
		if version > done[mirror] {
			done[mirror] = version
		}
	}
}

// Version returns how far a mirror is.
func (s *State) Version(mirror string) int {
	answer := make(chan int, 1)
	s.work <- func(done map[string]int) { answer <- done[mirror] }
	return <-answer
}
