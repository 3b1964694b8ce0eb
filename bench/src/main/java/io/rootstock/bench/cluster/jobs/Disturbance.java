package io.rootstock.bench.cluster.jobs;

/** Failures of a worker, of a service or of a node. */
enum Disturbance {
    POD_DELETED("pod of the worker deleted", true),
    TRAINER_DELETED("pod of the trainer deleted", false),
    WORKER_KILLED("worker killed in its pod", true),
    REGISTRY_DELETED("pod of the registry deleted", false),
    POD_KILLED("pod of the worker killed", true),
    TRAINER_KILLED("pod of the trainer killed", false),
    NODE_OFF("node of the worker powered off", true),
    REGISTRY_KILLED("pod of the registry killed", false),
    OUT_OF_MEMORY("worker killed by the kernel for lack of memory", true),
    NODE_CUT("node of the worker cut off, its processes alive", true);

    private final String description;
    private final boolean endsAttempt;

    Disturbance(String description, boolean endsAttempt) {
        this.description = description;
        this.endsAttempt = endsAttempt;
    }

    String description() {
        return description;
    }

    /** Whether another worker continues the run; otherwise the same worker trains on. */
    boolean endsAttempt() {
        return endsAttempt;
    }

    /** Whether it needs the command that switches nodes. */
    boolean needsNodes() {
        return this == NODE_OFF || this == NODE_CUT;
    }
}
