/** Tests of the components for operators: monitoring, autoscaling, routes, certificates, priorities. */
package io.rootstock.k8s.operations;
