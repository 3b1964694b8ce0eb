package io.rootstock.corpus.duplicate;

import java.util.Arrays;
import java.util.Objects;

/**
 * Connected components of ids 0 to n-1, each named by its least id. The components do not depend on the order of the
 * unions. Memory: 4 bytes an id.
 */
public final class UnionFind {
    private final int[] parent;

    /** @param size number of ids, at most 2^31 - 9 */
    public UnionFind(int size) {
        parent = new int[size];
        Arrays.setAll(parent, id -> id);
    }

    /** Number of ids. */
    public int size() {
        return parent.length;
    }

    /** Joins the components of two ids. */
    public void union(int first, int second) {
        int a = find(first);
        int b = find(second);
        if (a < b) {
            parent[b] = a;
        } else {
            parent[a] = b;
        }
    }

    /** Returns the least id of a component. */
    public int find(int id) {
        int node = Objects.checkIndex(id, parent.length);
        while (parent[node] != node) {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        return node;
    }
}
