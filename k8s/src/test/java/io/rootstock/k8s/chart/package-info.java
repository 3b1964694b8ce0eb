/**
 * The Helm chart, generated from the kustomize tree: {@code Chart} renders the base with every combination of components, and
 * writes templates with a condition where a component makes a difference.
 */
package io.rootstock.k8s.chart;
