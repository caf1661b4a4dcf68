export const waits = {
  notLoaded: 'Not loaded: you are offline. It comes when the connection is back.',
}
