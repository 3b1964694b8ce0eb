import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Route, Router, Switch } from 'wouter';
import { useCaller } from '../api/caller';
import { isUnauthenticated } from '../api/errors';
import { Failure } from '../components/Failure';
import { Page } from '../components/Page';
import { SignIn } from '../pages/session/SignIn';
import { Shell } from './Shell';

// Each page is a file of its own; the first page loads only what it shows.
const Overview = lazy(() => import('../pages/overview/Overview'));
const JobList = lazy(() => import('../pages/jobs/JobList'));
const JobPage = lazy(() => import('../pages/jobs/JobPage'));
const RunForm = lazy(() => import('../pages/jobs/RunForm'));
const RunComparison = lazy(() => import('../pages/jobs/RunComparison'));
const ModelList = lazy(() => import('../pages/models/ModelList'));
const ModelPage = lazy(() => import('../pages/models/ModelPage'));
const Playground = lazy(() => import('../pages/playground/Playground'));
const DatasetList = lazy(() => import('../pages/datasets/DatasetList'));
const DatasetPage = lazy(() => import('../pages/datasets/DatasetPage'));
const Tokenizers = lazy(() => import('../pages/tokenizers/Tokenizers'));
const Serving = lazy(() => import('../pages/serving/Serving'));
const Audit = lazy(() => import('../pages/audit/Audit'));
const Settings = lazy(() => import('../pages/settings/Settings'));

const waiting = (
  <Center p="xl">
    <Loader aria-label="Loading" />
  </Center>
);

/** The console: sign-in if it is needed, else the page of the address. */
export function App() {
  const caller = useCaller();
  if (caller.isPending) {
    return waiting;
  }
  if (isUnauthenticated(caller.error)) {
    return <SignIn />;
  }
  if (caller.data === undefined) {
    return <Failure failure={caller.error} retry={() => void caller.refetch()} />;
  }
  return (
    <Router base="/console">
      <Shell caller={caller.data}>
        <Suspense fallback={waiting}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/jobs" component={JobList} />
            <Route path="/jobs/compare" component={RunComparison} />
            <Route path="/jobs/new" component={RunForm} />
            <Route path="/jobs/:job" component={JobPage} />
            <Route path="/models" component={ModelList} />
            <Route path="/models/:model" component={ModelPage} />
            <Route path="/playground" component={Playground} />
            <Route path="/datasets" component={DatasetList} />
            <Route path="/datasets/:dataset" component={DatasetPage} />
            <Route path="/tokenizers" component={Tokenizers} />
            <Route path="/serving" component={Serving} />
            <Route path="/audit" component={Audit} />
            <Route path="/settings" component={Settings} />
            <Route>
              <Page title="Not found">The console has no such page.</Page>
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </Router>
  );
}
