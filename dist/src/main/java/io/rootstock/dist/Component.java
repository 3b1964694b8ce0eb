package io.rootstock.dist;

import java.util.List;

/**
 * A part of the download by others.
 *
 * @param group Maven group or npm scope; may be empty
 * @param purl package URL
 * @param files its files or folders in the download; empty if it is inside of another's file
 * @param sha256 digest of its file; empty if it has not exactly one
 * @param note difference from the published file, or place inside of another component; may be empty
 */
record Component(
        String group,
        String name,
        String version,
        String purl,
        List<Licence> licences,
        List<String> files,
        String sha256,
        String note)
        implements Comparable<Component> {
    Component {
        licences = List.copyOf(licences);
        files = List.copyOf(files);
    }

    @Override
    public int compareTo(Component other) {
        return purl.compareTo(other.purl);
    }
}
