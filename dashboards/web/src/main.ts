/** Starts the web app. */
import { mount } from 'svelte';
import '@dkfds/css/dkfds.min.css';
import 'uplot/dist/uPlot.min.css';
import './fonts.css';
import './styles/frame.css';
import './styles/tables.css';
import './styles/parts.css';
import './styles/forms.css';
import './styles/chart.css';
import './styles/print.css';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
