package com.acme.tickets;

import java.text.SimpleDateFormat;
import java.util.Map;

/** What the REST resource answers; one instance serves all requests. */
public final class TicketView {
    public Map<String, String> show(Ticket ticket) {
        SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd HH:mm");
        return Map.of(
                "id", Long.toString(ticket.id()),
                "title", ticket.title(),
                "opened", format.format(ticket.opened()),
                "closed", ticket.isOpen() ? "" : format.format(ticket.closed()));
    }
}
