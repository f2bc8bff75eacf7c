// A file of text, as the build puts it in.
declare module "*.txt" {
  const text: string;
  export default text;
}
