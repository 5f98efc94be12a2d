package com.acme.tickets;

import java.util.Date;

/** A ticket as the database has it. */
public record Ticket(long id, String title, Date opened, Date closed) {
    public boolean isOpen() {
        return closed == null;
    }
}
