package io.rootstock.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads all pages of a list. */
public final class Pages {
    /** Rows asked for at once. */
    public static final int SIZE = 200;

    private Pages() {}

    /**
     * All rows of a paged list.
     *
     * @param call from a page token to a page
     * @param rows the rows of a page
     * @param next the token after a page; empty after the last
     */
    public static <P, R> List<R> all(Function<String, P> call, Function<P, List<R>> rows, Function<P, String> next) {
        List<R> all = new ArrayList<>();
        String token = "";
        do {
            P page = call.apply(token);
            all.addAll(rows.apply(page));
            token = next.apply(page);
        } while (!token.isEmpty());
        return all;
    }
}
