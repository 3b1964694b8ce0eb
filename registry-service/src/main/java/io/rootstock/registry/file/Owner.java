package io.rootstock.registry.file;

import io.rootstock.access.v1.Role;
import io.rootstock.service.access.Caller;

/** Owners of files, uploads and fine-tuning jobs: their creators. */
public final class Owner {
    private Owner() {}

    /** Returns the owner of what the current caller creates. */
    public static String current() {
        return Caller.current().name();
    }

    /** Returns the owner whose resources the current caller sees; empty: admins see all. */
    public static String filter() {
        Caller caller = Caller.current();
        return caller.hasEverywhere(Role.ROLE_ADMIN) ? "" : caller.name();
    }
}
