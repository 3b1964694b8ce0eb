package io.rootstock.corpus.engine;

/** A task that a worker created from its description. Used by one thread. */
public sealed interface Task permits UnitTask, EmitTask, CollectTask {}
