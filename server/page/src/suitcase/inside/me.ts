// Nobody is signed in: the file was opened by its passphrase.
export const useMe = () => null;
