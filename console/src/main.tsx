import '@mantine/core/styles.layer.css';
import './app/app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { isTransient } from './api/errors';
import { App } from './app/App';
import { theme } from './app/theme';
import { returnToPage } from './lib/signIn';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, failure) => failures < 2 && isTransient(failure),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 15_000),
      refetchOnWindowFocus: true,
    },
  },
});

returnToPage();

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? '';
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
