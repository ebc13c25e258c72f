// Links between the project's own pages, and to headings in them. Addresses elsewhere are not asked for.
import remarkValidateLinks from 'remark-validate-links';

export default { plugins: [[remarkValidateLinks, { repository: false }]] };
