package com.acme.tickets;

import java.text.SimpleDateFormat;
import java.util.Date;

/** Dates as we show them. */
final class Dates {
    private static final SimpleDateFormat FORMAT = new SimpleDateFormat("yyyy-MM-dd HH:mm");

    private Dates() {}

    static String show(Date date) {
        return date == null ? "" : FORMAT.format(date);
    }
}
