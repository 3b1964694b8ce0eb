package io.rootstock.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads all pages of a list call. */
public final class Pages {
    /** Page size of list requests. */
    public static final int SIZE = 200;

    /** Largest page size, as the contracts state it. */
    public static final int MAX_SIZE = 1000;

    private Pages() {}

    /**
     * Returns the items of all pages.
     *
     * @param call requests the page of a page token
     * @param items items of a page
     * @param nextToken next page token of a page; empty for the last page
     */
    public static <P, R> List<R> all(
            Function<String, P> call, Function<P, List<R>> items, Function<P, String> nextToken) {
        List<R> all = new ArrayList<>();
        String token = "";
        do {
            P page = call.apply(token);
            all.addAll(items.apply(page));
            token = nextToken.apply(page);
        } while (!token.isEmpty());
        return all;
    }
}
