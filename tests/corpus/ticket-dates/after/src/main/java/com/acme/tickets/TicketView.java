package com.acme.tickets;

import java.util.Map;

/** What the REST resource answers; one instance serves all requests. */
public final class TicketView {
    public Map<String, String> show(Ticket ticket) {
        return Map.of(
                "id", Long.toString(ticket.id()),
                "title", ticket.title(),
                "opened", Dates.show(ticket.opened()),
                "closed", Dates.show(ticket.closed()));
    }
}
