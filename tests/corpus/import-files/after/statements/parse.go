package statements

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Entry is one line of a statement: an account and an amount in cents.
type Entry struct {
	Account string
	Cents   int64
}

// Parse reads lines of the form ACCOUNT;CENTS.
func Parse(r io.Reader) ([]Entry, error) {
	var entries []Entry
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		account, amount, found := strings.Cut(lines.Text(), ";")
		if !found {
			return nil, fmt.Errorf("line %d: there is no `;`", number)
		}
		cents, err := strconv.ParseInt(amount, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		entries = append(entries, Entry{account, cents})
	}
	return entries, lines.Err()
}
