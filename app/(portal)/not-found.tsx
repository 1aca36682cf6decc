import { MissingPage } from "#components/missing-page.tsx";

export default MissingPage;
