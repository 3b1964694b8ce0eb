package io.rootstock.cli.doctor;

import java.util.List;

/** One check. It returns at least one finding, and does not throw for a machine in a bad state. */
@FunctionalInterface
interface Check {
    List<Finding> run();
}
