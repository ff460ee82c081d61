/** Starts the web app. */
import { mount } from 'svelte';
import '@dkfds/css/dkfds.min.css';
import 'uplot/dist/uPlot.min.css';
import './fonts.css';
import './style.css';
import App from './App.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target });
